use std::sync::Arc;

use wf_value::{Text, Unknown, Value};

use super::Function;

pub(super) static FUNCTIONS: &[Function] = &[];

pub(super) fn print(value: &Value) -> Result<Text, Arc<Unknown>> {
    Ok(format!("{value:?}").into())
}
