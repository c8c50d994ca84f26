//! Every event, normalised, in files.
