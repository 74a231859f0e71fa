//! JSONPath over our own values.

/// A query, compiled.
#[derive(Debug)]
pub struct Path {}
