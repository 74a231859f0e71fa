//! What can be wrong with a text with holes.

wf_source::rules! {
    /// A hole or block of a text that is not well formed.
    ///
    /// A hole opens with `{{` and closes with `}}`; `{{#if …}}` closes with `{{/if}}` and `{{#each …}}` with `{{/each}}`, the innermost
    /// first. A text that shall show two braces writes `\{{`.
    ///
    /// ```yaml fails
    /// steps:
    ///   - let: {name: Ann}
    ///   - publish: notifier.chat
    ///     with: {message: "{{#if name == 'Ann'}}Hello {{ name }}"}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - let: {name: Ann}
    ///   - publish: notifier.chat
    ///     with: {message: "{{#if name == 'Ann'}}Hello {{ name }}{{/if}}"}
    /// ```
    TEMPLATE_SYNTAX = "WF0270", "template-syntax";

    /// A block that texts do not have.
    ///
    /// There are two: `{{#if condition}} … {{else if other}} … {{else}} … {{/if}}` and `{{#each list as |x|}} … {{else}} … {{/each}}`.
    ///
    /// ```yaml fails
    /// steps:
    ///   - let: {late: =env.writes}
    ///   - publish: notifier.chat
    ///     with: {message: "{{#unless late}}in time{{/unless}}"}
    /// ```
    /// ```yaml passes
    /// steps:
    ///   - let: {late: =env.writes}
    ///   - publish: notifier.chat
    ///     with: {message: "{{#if not late}}in time{{/if}}"}
    /// ```
    UNKNOWN_BLOCK = "WF0271", "unknown-block";

    /// `{{> name}}` names a template that is not there.
    ///
    /// Templates are the files `templates/*.hbs` (and `*.html.hbs`, which escape) beside the workflow; their name is that of the file
    /// without its endings.
    ///
    /// ```yaml fails
    /// steps:
    ///   - publish: notifier.chat
    ///     with: {message: "{{> greeting}}"}
    /// ```
    UNKNOWN_TEMPLATE = "WF0272", "unknown-template";

    /// A template is not handed what it needs, or is handed what it does not use.
    ///
    /// A template sees what it is handed, defines, functions, constants, `now` and `env`, and nothing else. Every other name that it uses must be
    /// handed to it: `{{> greeting customer=row.client}}`.
    TEMPLATE_ARGUMENTS = "WF0273", "template-arguments";
}
