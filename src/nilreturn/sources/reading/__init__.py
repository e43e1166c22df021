"""From a file to rows of texts: what kind of file it is, its encoding, where its table begins."""
