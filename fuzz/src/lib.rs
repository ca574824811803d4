//! Bodies of the fuzz targets: plain functions over bytes.
