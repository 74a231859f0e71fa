/// The page of all functions.
#[must_use]
pub fn reference() -> String {
    String::new()
}
