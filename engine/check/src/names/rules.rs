//! Rules about names.

wf_source::rules! {
    /// A name that is taken.
    ///
    /// Ids of steps, lets, items of loops, inputs and constants live in one space; defines, tables, flows and functions in another. Nothing
    /// that is visible is ever named again, so that a reader never asks which of two is meant. What a library defines is visible to
    /// those who use it, once they ask for it. Arguments of defines, lambda variables and columns of tables may hide.
    ///
    /// ```yaml fails
    /// steps:
    ///   - let: {limit: 3}
    ///   - for: limit
    ///     in: [1, 2]
    ///     steps:
    ///       - skip: {it is small: limit < 2}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - let: {limit: 3}
    ///   - for: number
    ///     in: [1, 2]
    ///     steps:
    ///       - skip: {it is small: number < limit}
    /// ```
    CLASH = "WF0300", "name-taken";

    /// A name that the engine gives a value.
    ///
    /// `now env params run attempt loop trigger task error failed item items` have a meaning of their own wherever they stand, in connectors
    /// also `answer page read session input request_id config body sent_at`.
    ///
    /// ```yaml fails
    /// steps:
    ///   - for: task
    ///     in: [1, 2]
    ///     steps:
    ///       - skip: {it is small: task < 2}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - for: ticket_task
    ///     in: [1, 2]
    ///     steps:
    ///       - skip: {it is small: ticket_task < 2}
    /// ```
    RESERVED = "WF0301", "reserved-name";

    /// A definition that nobody asks for, beside a near name that several ask for.
    ///
    /// The side that stands alone is the misspelt one.
    ///
    /// ```yaml fails
    /// steps:
    ///   - let: {newst: 3}
    ///   - skip: {there is none: newest == 0}
    ///   - fail: {there are too many: newest > 5}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - let: {newest: 3}
    ///   - skip: {there is none: newest == 0}
    ///   - fail: {there are too many: newest > 5}
    /// ```
    MISSPELT_DEFINITION = "WF0302", "misspelt-definition";

    /// A definition that nobody asks for.
    ///
    /// Params, constants, defines, tables, flows, ids, lets, inputs, metrics: what is defined and not used is most often a misspelling, or was
    /// left behind. A library is checked over all workflows that use it. It is told only when nothing else is wrong, since much of it would
    /// only follow.
    ///
    /// ```yaml fails
    /// steps:
    ///   - let: {limit: 3}
    ///   - skip: nothing to do
    ///     if: env.name == 'dev'
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - let: {limit: 3}
    ///   - skip: nothing to do
    ///     if: limit > 5
    /// ```
    UNUSED = "WF0303", "unused";

    /// `uses` names no library.
    ///
    /// Libraries are files that begin with `library: name`, most of them in `workflows/lib`; paths are seen from the file that uses them.
    ///
    /// ```yaml fails
    /// workflow: example
    /// uses: [../lib/nothing.yaml]
    /// triggers: [{every: 1h}]
    /// steps:
    ///   - skip: nothing to do
    /// ```
    NO_LIBRARY = "WF0304", "no-library";

    /// `values` of a loop that says nothing of items that fail.
    ///
    /// A loop goes on when an item fails, and its `values` would silently be a part of the whole. Say what is meant: `on_error: leave_out`, the
    /// others are enough, or `on_error: fail`, all or nothing.
    ///
    /// ```yaml fails
    /// steps:
    ///   - id: doubled
    ///     for: number
    ///     in: [1, 2]
    ///     steps:
    ///       - skip: {it is small: number < 2}
    ///     collect: =number * 2
    ///   - fail: {there is none: empty(doubled.values)}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - id: doubled
    ///     for: number
    ///     in: [1, 2]
    ///     on_error: leave_out
    ///     steps:
    ///       - skip: {it is small: number < 2}
    ///     collect: =number * 2
    ///   - fail: {there is none: empty(doubled.values)}
    /// ```
    UNGUARDED_VALUES = "WF0305", "values-without-on-error";

    /// A type of task that no workflow works on.
    ///
    /// `defer` puts work off for whoever has a trigger `task:` of that type, and `cancel` calls it off. A type that is nearly one of
    /// these is misspelt. Another one may be meant for another service, so it is only a hint.
    ///
    /// ```yaml fails
    /// # file: workflows/mover/workflow.yaml
    /// workflow: mover
    /// title: Moves what is due
    /// triggers: [{task: late_moves, every: 1m}]
    /// inputs: {ticket_id: {type: id, doc: The ticket}}
    /// steps: [{skip: {it is nothing: ticket_id == null}}]
    /// # file: workflows/booker/workflow.yaml
    /// workflow: booker
    /// title: Books moves
    /// triggers: [{every: 1h}]
    /// steps:
    ///   - {defer: late_move, key: "1", with: {ticket_id: 1}}
    /// ```
    /// ```yaml passes
    /// # file: workflows/mover/workflow.yaml
    /// workflow: mover
    /// title: Moves what is due
    /// triggers: [{task: late_moves, every: 1m}]
    /// inputs: {ticket_id: {type: id, doc: The ticket}}
    /// steps: [{skip: {it is nothing: ticket_id == null}}]
    /// # file: workflows/booker/workflow.yaml
    /// workflow: booker
    /// title: Books moves
    /// triggers: [{every: 1h}]
    /// steps:
    ///   - {defer: late_moves, key: "1", with: {ticket_id: 1}}
    /// ```
    UNKNOWN_TASK = "WF0306", "unknown-task";
}
