//! What is not as it was declared, deep inside of a reply: it passes, and is counted (`connectors.md` §4).

use wf_value::{Type, Value};

/// Members that are looked at in one reply: a large one is judged by its beginning.
const LOOKED_AT: usize = 20_000;

/// Members that do not fit their type, among those that are looked at.
pub(crate) fn drift(reply: &Value, output: &Type) -> usize {
    let mut found = 0;
    // an explicit stack: replies nest as they like
    let mut open = vec![reply.clone().typed(output)];
    for _ in 0..LOOKED_AT {
        match open.pop() {
            None => return found,
            Some(Value::Unknown(_)) => found += 1,
            Some(Value::List(list)) if list.element_type().is_some() => open.extend(list.iter().take(LOOKED_AT)),
            Some(Value::Map(map)) => {
                let Some(ty) = map.shape_type() else { continue };
                open.extend(ty.fields.iter().map(|field| map.get(&field.name)));
                if ty.others.is_some() {
                    open.extend(map.iter().filter(|(key, _)| ty.field(key).is_none()).map(|(_, value)| value));
                }
            }
            Some(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::{Field, decode};

    fn row() -> Type {
        let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
        Type::shape("row", vec![field("id", Type::Integer), field("seen", Type::timestamp().optional())])
    }

    fn found(json: &str, ty: &Type) -> usize {
        drift(&decode(json).unwrap_or_default(), ty)
    }

    #[test]
    fn each_member_that_does_not_fit_is_counted() {
        let rows = Type::list(row());
        assert_eq!(found(r#"[{"id":1},{"id":2,"seen":null,"more":[]}]"#, &rows), 0);
        assert_eq!(found(r#"[{"id":"x"},{},{"id":1,"seen":"never"},5]"#, &rows), 4);
        assert_eq!(found(r#"{"a":{"id":1},"b":{"id":null}}"#, &Type::map(row())), 1);
        assert_eq!(found(r#"[{"id":"x"}]"#, &Type::Any), 0);
    }

    #[test]
    fn of_a_large_reply_the_work_is_bounded() {
        let rows = format!("[{}]", vec![r#"{"id":"x"}"#; 50_000].join(","));
        let found = found(&rows, &Type::list(row()));
        assert!(found > 1_000 && found <= LOOKED_AT, "{found}");
    }
}
