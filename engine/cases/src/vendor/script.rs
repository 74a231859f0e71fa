//! What the vendor of a case still expects, and everything that came otherwise.

use std::collections::BTreeSet;

use wf_source::Span;

use super::answer::Act;
use super::asked::Asked;
use super::expected::ExpectedRequest;
use super::logins::Logins;
use crate::report::Failure;

/// The expectations of one step after the other. What comes is compared at once; what is wrong is kept.
#[derive(Debug)]
pub struct Script {
    logins: Logins,
    /// Method and path of the logins that the case lists: these are compared like any other request.
    listed: BTreeSet<String>,
    left: Vec<Left>,
    ordered: bool,
    /// Groups of logins of which one was made.
    made: BTreeSet<usize>,
    /// `step 2: `
    step: String,
    served: u32,
    found: Vec<Failure>,
}

/// A request that has not come yet.
#[derive(Debug)]
struct Left {
    request: ExpectedRequest,
    /// Of a login: the group of logins that stand beside each other in the list.
    group: Option<usize>,
}

impl Script {
    #[must_use]
    pub fn new(logins: Logins) -> Self {
        Self {
            logins,
            listed: BTreeSet::new(),
            left: vec![],
            ordered: true,
            made: BTreeSet::new(),
            step: String::new(),
            served: 0,
            found: vec![],
        }
    }

    /// Says what the case lists in all its steps: a login among it is no longer answered by itself.
    pub fn lists<'a>(&mut self, requests: impl IntoIterator<Item = &'a ExpectedRequest>) {
        self.listed.extend(requests.into_iter().map(ExpectedRequest::line));
    }

    /// Begins a step.
    pub fn expect(&mut self, step: &str, requests: Vec<ExpectedRequest>, ordered: bool) {
        self.step = format!("{step}: ");
        let mut group = 0;
        let left = requests.into_iter().map(|request| {
            let is_login = self.logins.is_listed(&request);
            group += usize::from(!is_login);
            Left { request, group: is_login.then_some(group) }
        });
        self.left = left.collect();
        self.made.clear();
        self.ordered = ordered;
    }

    /// Ends a step; gives everything that was wrong with it.
    pub fn end(&mut self) -> Vec<Failure> {
        let left = std::mem::take(&mut self.left);
        for Left { request, .. } in left.iter().filter(|l| !self.may_be_missing(l)).collect::<Vec<_>>() {
            self.wrong(format!("expected, and not asked: {}", request.line()), Some(request.span));
        }
        std::mem::take(&mut self.found)
    }

    /// What the vendor does with a request.
    pub fn answer(&mut self, asked: &Asked) -> Act {
        if let Some(act) = self.answer_listed(asked) {
            return act;
        }
        if self.logins.is_one(asked) && !self.listed.contains(&asked.line()) {
            self.served += 1;
            return self.logins.answer(self.served);
        }
        let next = match self.left.first() {
            Some(next) => format!("; next in the case is {}", next.request.line()),
            None => "; the case lists no more requests".to_owned(),
        };
        self.wrong(
            format!("asked, and not expected: {}{next}", asked.words()),
            self.left.first().map(|l| l.request.span),
        );
        Act::text(404, "no case data")
    }

    /// The same; `None`: the case does not list such a request here.
    pub fn answer_listed(&mut self, asked: &Asked) -> Option<Act> {
        let candidates = self.candidates();
        let here: Vec<usize> =
            candidates.iter().copied().filter(|i| self.left[*i].request.is_at(&asked.method, &asked.path)).collect();
        let judged = here.iter().map(|i| (*i, self.left[*i].request.differences(asked)));
        // an exact one wins, else the one that was meant is most likely the one that differs least
        let (at, differences) = judged.min_by_key(|(_, differences)| differences.len())?;
        if !differences.is_empty() {
            let what = format!("{}the request {}", self.step, asked.line());
            self.found.push(Failure::Differs { what, differences });
        }
        Some(self.take(at).act)
    }

    /// What a mail server says to a recipient that it refuses, of the mail that comes next.
    #[must_use]
    pub fn refused_recipient(&self, address: &str) -> Option<(u16, String)> {
        let accepted = self.candidates().into_iter().find_map(|at| match &self.left.get(at)?.request.act {
            Act::Accepted { refused } => Some(refused),
            _ => None,
        });
        let refused = accepted?.iter().find(|(refused, ..)| refused.eq_ignore_ascii_case(address));
        refused.map(|(_, code, text)| (*code, text.clone()))
    }

    /// Whether the next request, which is about to leave for there, finds nobody.
    pub fn refuses(&mut self, method: &str, path: &str, host: &str) -> bool {
        let candidates = self.candidates();
        let meant = |i: &usize| {
            let request = &self.left[*i].request;
            request.is_at(method, path) && request.host().is_none_or(|h| h.eq_ignore_ascii_case(host))
        };
        match candidates.into_iter().find(meant) {
            Some(at) if self.left[at].request.act == Act::Refused => {
                self.take(at);
                true
            }
            _ => false,
        }
    }

    /// A request that could not even be read.
    pub fn unreadable(&mut self, why: &str) {
        self.wrong(why.to_owned(), None);
    }

    /// Those that may come next.
    fn candidates(&self) -> Vec<usize> {
        if !self.ordered {
            return (0..self.left.len()).collect();
        }
        let mut found = Vec::new();
        for (i, left) in self.left.iter().enumerate() {
            found.push(i);
            let same_group = left.group.is_some() && self.left.get(i + 1).is_some_and(|next| next.group == left.group);
            if !self.may_be_missing(left) && !same_group {
                break;
            }
        }
        found
    }

    /// When and how often to log in is free: of logins that stand beside each other one must be made, whichever is needed.
    fn may_be_missing(&self, left: &Left) -> bool {
        left.group.is_some_and(|group| self.made.contains(&group))
    }

    fn take(&mut self, at: usize) -> ExpectedRequest {
        let Left { request, group } = self.left.remove(at);
        self.made.extend(group);
        request
    }

    fn wrong(&mut self, what: String, span: Option<Span>) {
        self.found.push(Failure::Broken { message: format!("{}{what}", self.step), span });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::Calls;
    use wf_source::Files;

    /// The expectations of a case with one step.
    fn requests(vendor: &str) -> Vec<ExpectedRequest> {
        let text = format!(
            "connector: x\ntitle: t\nnow: '2022-06-01T14:00:00Z'\nsteps:\n- request: {{subject: s}}\n  vendor: {vendor}\n  reply: none\n"
        );
        let mut files = Files::default();
        let file = files.add("case.yaml", text.clone());
        let read = wf_syntax::read(file, &text, None);
        assert_eq!(read.diagnostics, vec![]);
        let Some(wf_syntax::File::ConnectorCase(case)) = read.file else { panic!("no case") };
        let calls = case.steps.into_iter().flat_map(|s| s.vendor).flatten();
        calls
            .map(|call| {
                ExpectedRequest::read(&call, "http://stub", &Calls::default()).unwrap_or_else(|e| panic!("{e:?}"))
            })
            .collect()
    }

    fn script(vendor: &str, ordered: bool) -> Script {
        let requests = requests(vendor);
        let mut script = Script::new(Logins::default());
        script.lists(&requests);
        script.expect("step 1", requests, ordered);
        script
    }

    async fn asks(script: &mut Script, request: &str) -> u16 {
        let text = format!("{}\r\n\r\n", request.replace('\n', "\r\n"));
        let asked = Asked::read(&mut text.as_bytes()).await.ok().flatten().unwrap_or_default();
        match script.answer(&asked) {
            Act::Answer { status, .. } => status,
            other => panic!("{other:?}"),
        }
    }

    fn told(failures: &[Failure]) -> Vec<String> {
        let one = |f: &Failure| match f {
            Failure::Broken { message, .. } => message.clone(),
            Failure::Differs { what, differences } => {
                format!("{what}: {}", differences.iter().map(|d| d.path.as_str()).collect::<Vec<_>>().join(", "))
            }
            Failure::Sent(_) => "sent".into(),
        };
        failures.iter().map(one).collect()
    }

    const TWO: &str = "[{expect: {request: GET /a, query: {x: ['1']}}, answer: {status: 201}}, {expect: {request: GET /b}, answer: {status: 202}}]";

    #[tokio::test]
    async fn what_comes_in_order_is_right() {
        let mut script = script(TWO, true);
        assert_eq!(asks(&mut script, "GET /a?x=1 HTTP/1.1").await, 201);
        assert_eq!(asks(&mut script, "GET /b HTTP/1.1").await, 202);
        assert_eq!(told(&script.end()), Vec::<String>::new());
    }

    #[tokio::test]
    async fn another_order_is_wrong_unless_none_is_asked_for() {
        let mut ordered = script(TWO, true);
        assert_eq!(asks(&mut ordered, "GET /b HTTP/1.1").await, 404);
        assert_eq!(
            told(&ordered.end()),
            [
                "step 1: asked, and not expected: GET /b; next in the case is GET /a",
                "step 1: expected, and not asked: GET /a",
                "step 1: expected, and not asked: GET /b"
            ]
        );
        let mut free = script(TWO, false);
        assert_eq!(asks(&mut free, "GET /b HTTP/1.1").await, 202);
        assert_eq!(asks(&mut free, "GET /a?x=1 HTTP/1.1").await, 201);
        assert_eq!(told(&free.end()), Vec::<String>::new());
    }

    #[tokio::test]
    async fn everything_of_a_request_is_compared() {
        let mut script = script(
            "[{expect: {request: POST /a, json: {n: 1, list: [a]}, headers: {x-k: v}}, answer: {status: 200}}, {expect: {request: GET /b}, answer: {status: 200}}]",
            true,
        );
        asks(&mut script, "POST /a?y=2 HTTP/1.1\nx-k: w\ncontent-length: 22\n\n{\"n\":2,\"list\":[\"a\",1]}").await;
        asks(&mut script, "GET /b HTTP/1.1\ncontent-length: 1\n\nx").await;
        assert_eq!(
            told(&script.end()),
            [
                "step 1: the request POST /a: query.y, headers.x-k, json.n, json.list",
                "step 1: the request GET /b: body"
            ]
        );
    }

    #[tokio::test]
    async fn of_logins_beside_each_other_one_must_be_made() {
        let login = |host: &str| {
            let form = "form: {grant_type: client_credentials}";
            format!("{{expect: {{request: POST /t, {form}, headers: {{host: {host}}}}}, answer: {{status: 201}}}}")
        };
        let vendor =
            format!("[{}, {}, {{expect: {{request: GET /a}}, answer: {{status: 202}}}}]", login("x"), login("y"));
        let with_logins = || {
            let mut script = Script::new(Logins::by_client_credentials());
            let requests = requests(&vendor);
            script.lists(&requests);
            script.expect("step 1", requests, true);
            script
        };
        let second = "POST /t HTTP/1.1\nhost: y\ncontent-length: 29\n\ngrant_type=client_credentials";
        let mut one = with_logins();
        assert_eq!(asks(&mut one, second).await, 201);
        assert_eq!(asks(&mut one, "GET /a HTTP/1.1").await, 202);
        assert_eq!(told(&one.end()), Vec::<String>::new());
        let mut none = with_logins();
        assert_eq!(asks(&mut none, "GET /a HTTP/1.1").await, 404);
        assert_eq!(told(&none.end()).len(), 4);
    }

    #[tokio::test]
    async fn a_refused_one_is_never_seen() {
        let mut script = script(
            "[{expect: {request: GET /a, headers: {host: h}}, answer: refused}, {expect: {request: GET /a}, answer: {status: 200}}]",
            true,
        );
        assert!(!script.refuses("GET", "/b", "h"));
        assert!(!script.refuses("GET", "/a", "other"));
        assert!(script.refuses("GET", "/a", "h"));
        assert!(!script.refuses("GET", "/a", "h"));
        assert_eq!(asks(&mut script, "GET /a HTTP/1.1").await, 200);
        assert_eq!(told(&script.end()), Vec::<String>::new());
    }
}
