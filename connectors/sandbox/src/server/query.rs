//! Query parameters: names in any case, values may repeat.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};

#[derive(Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// The first value that is not empty.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).into_iter().next()
    }

    /// All values that are not empty, in order.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.0.iter().filter(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty());
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.first(name).and_then(|text| text.trim().parse().ok())
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    /// A query that cannot be read has no parameters.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|Query(all)| Params(all)).unwrap_or_default())
    }
}
