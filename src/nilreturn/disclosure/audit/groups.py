def add_groups(component, of_table, account): pass
