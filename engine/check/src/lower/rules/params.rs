//! Rules about params, settings and environments.

wf_source::rules! {
    /// A grid of params without the sentence that says what its numbers are.
    ///
    /// ```yaml fails
    /// params:
    ///   limits:
    ///     columns: [unit, thresholds.wired]
    ///     latency: [ms, 140]
    /// ```
    /// ```yaml passes
    /// params:
    ///   limits:
    ///     doc: What is much
    ///     columns: [unit, thresholds.wired]
    ///     latency: [ms, 140]
    /// ```
    NO_DOC = "WF0450", "grid-without-doc";

    /// A value beyond its bounds.
    ///
    /// ```yaml fails
    /// params:
    ///   parallel: {default: 0, min: 1, doc: How many at a time}
    /// ```
    /// ```yaml passes
    /// params:
    ///   parallel: {default: 1, min: 1, doc: How many at a time}
    /// ```
    BOUNDS = "WF0451", "out-of-bounds";

    /// A secret that stands in a file.
    ///
    /// Secrets come from variables or from files that are not shared: `env:NAME`, `file:PATH` in an environment.
    ///
    /// ```yaml fails
    /// params:
    ///   token: {type: secret, default: hello, doc: What callers must show}
    /// ```
    SECRET_DEFAULT = "WF0452", "secret-in-a-file";

    /// A param without default that an environment does not set.
    ///
    /// ```yaml fails
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: 1h}]
    /// params:
    ///   customer: {type: text, doc: The customer it is done for}
    /// steps:
    ///   - skip: {it is nobody: params.customer == 'nobody'}
    /// # file: environments/here.yaml
    /// writes: off
    /// ```
    /// ```yaml passes
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: 1h}]
    /// params:
    ///   customer: {type: text, doc: The customer it is done for}
    /// steps:
    ///   - skip: {it is nobody: params.customer == 'nobody'}
    /// # file: environments/here.yaml
    /// writes: off
    /// params: {example: {customer: somebody}}
    /// ```
    UNSET_PARAM = "WF0453", "param-not-set";

    /// An environment that sets what is not there.
    ///
    /// ```yaml fails
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: =params.interval}]
    /// params: {interval: {default: 1h, doc: How often it is done}}
    /// steps:
    ///   - skip: nothing to do
    /// # file: environments/here.yaml
    /// params: {example: {intervall: 2h}}
    /// ```
    /// ```yaml passes
    /// # file: workflows/example/workflow.yaml
    /// workflow: example
    /// triggers: [{every: =params.interval}]
    /// params: {interval: {default: 1h, doc: How often it is done}}
    /// steps:
    ///   - skip: nothing to do
    /// # file: environments/here.yaml
    /// params: {example: {interval: 2h}}
    /// ```
    UNKNOWN_SETTING = "WF0454", "unknown-setting";

    /// `like`, or a case, names no environment.
    ///
    /// Environments are the files in `environments/`. A case may be of `production` where there is no such file.
    ///
    /// ```yaml fails
    /// # file: environments/here.yaml
    /// like: bse.yaml
    /// writes: on
    /// # file: environments/base.yaml
    /// writes: off
    /// ```
    /// ```yaml passes
    /// # file: environments/here.yaml
    /// like: base.yaml
    /// writes: on
    /// # file: environments/base.yaml
    /// writes: off
    /// ```
    LIKE = "WF0455", "unknown-environment";

    /// An entry of a list that seems to be two.
    ///
    /// Without a comma between them two words are one entry. In a list of which no other entry has a blank this is seldom meant; quotes around
    /// the entry say that it is.
    ///
    /// ```yaml fails
    /// params:
    ///   hosts: {default: [a.example.com b.example.com, c.example.com, d.example.com], doc: The hosts that are asked}
    /// steps:
    ///   - skip: {nothing to do: empty(params.hosts)}
    /// ```
    /// ```yaml passes
    /// params:
    ///   hosts: {default: [a.example.com, b.example.com, c.example.com, d.example.com], doc: The hosts that are asked}
    /// steps:
    ///   - skip: {nothing to do: empty(params.hosts)}
    /// ```
    TORN_COMMA = "WF0456", "torn-comma";
}
