//! The C library of firstline.
