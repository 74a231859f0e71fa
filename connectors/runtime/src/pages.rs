//! A request as it is asked for: from the cache, in one answer or page by page (`connectors.md` §6).

use reqwest::Url;
use wf_plan::{Pages, Request};
use wf_value::{List, Value};

use crate::answers::{Judge, Reply, fault};
use crate::live_face::{Ask, LiveFace};
use crate::received::Outcome;
use crate::scene::Reads;

impl LiveFace {
    /// Asks, judges, maps. The second: whether the vendor may have changed something.
    pub(crate) async fn ask(&self, mut ask: Ask<'_>) -> (Reply, bool) {
        let Some(cache) = &ask.request.cache else { return self.asked(&mut ask).await };
        let key = ask.scene.value(&cache.key).print().ok();
        let keep = ask.scene.duration(Some(&cache.keep));
        let (Some(key), Some(keep)) = (key, keep) else {
            tracing::warn!(action = ask.call.as_str(), "no key or no time for the cache: nothing is kept");
            return self.asked(&mut ask).await;
        };
        let accept = ask.request.accept.as_ref();
        let stays = |reply: &Reply| {
            let accepted = accept.is_some_and(|accept| accept.statuses.holds(reply.status));
            reply.word.is_none() && ((200..300).contains(&reply.status) || accepted)
        };
        let key = format!("{} {} {key}", ask.call, ask.step);
        let mut acted = false;
        let compute = async || {
            let (reply, changed) = self.asked(&mut ask).await;
            acted = changed;
            reply
        };
        let reply = self.cache.get(key, keep, &*self.clock, stays, compute).await;
        (reply, acted)
    }

    async fn asked(&self, ask: &mut Ask<'_>) -> (Reply, bool) {
        if let Some(pages) = &ask.request.pages {
            return (self.read(ask, pages).await, ask.changes);
        }
        let outcome = self.exchange(ask, None).await;
        let acted = ask.changes && !outcome.surely_not_acted();
        let mut judge = Judge::of(ask.request, &mut ask.scene);
        let reply = match judge.ended(outcome) {
            Ok(reply) => reply,
            Err(good) => judge.mapped(*good, ask.request),
        };
        (reply, acted)
    }

    /// All pages, or the first failure: nothing that was read before is kept then.
    async fn read(&self, ask: &mut Ask<'_>, pages: &Pages) -> Reply {
        let request = ask.request;
        let reads = Reads::of(&request.vendor);
        let most = self.most_pages(request, &ask.scene);
        let mut page = pages.start.as_ref().map_or(Value::Null, |start| ask.scene.value(start));
        let mut read = List::default();
        let mut link: Option<Url> = None;
        let mut number = 1;
        loop {
            ask.scene.set(request.page, page.clone());
            ask.scene.set(request.read, read.clone().into());
            let outcome = self.exchange(ask, link.as_ref()).await;
            let mut judge = Judge::of(request, &mut ask.scene);
            let good = match judge.ended(outcome) {
                Ok(reply) => return reply,
                Err(good) => *good,
            };
            judge.show(&good, Some(&request.vendor));
            match items(judge.scene.read(&pages.items, reads)) {
                Ok(items) => read = joined(&read, &items),
                Err(why) => return judge.unusable(good, why),
            }
            judge.scene.set(request.read, read.clone().into());
            let next = pages.next.as_ref().or(pages.link.as_ref());
            let next = next.map_or(Value::Null, |next| judge.scene.read(next, reads));
            if let Some(why) = next.first_unknown() {
                let why = format!("nobody can tell whether there is another page: {}", why.sentence());
                return judge.unusable(good, why);
            }
            if next.is_null() {
                return judge.all(good, read, request);
            }
            if next.equals(&page) == Some(true) {
                return judge.unusable(good, format!("page {number} names itself as the next one"));
            }
            if number >= most {
                return judge.unusable(good, format!("there are more than {most} pages"));
            }
            if pages.next.is_none() {
                match follow(&good, &next) {
                    Ok(next) => link = Some(next),
                    Err(why) => return judge.unusable(good, why),
                }
            }
            page = next;
            number += 1;
        }
    }
}

fn items(value: Value) -> Result<List, String> {
    match value {
        Value::List(items) => match items.partial_reason() {
            None => Ok(items),
            Some(why) => Err(why.sentence()),
        },
        Value::Unknown(why) => Err(why.sentence()),
        other => Err(format!("the items of a page are {}, they should be a list", other.kind())),
    }
}

fn joined(read: &List, items: &List) -> List {
    let mut all = read.raw().clone();
    all.extend(items.raw().iter().cloned());
    match items.element_type().or(read.element_type()) {
        Some(ty) => List::new(all).of(ty.clone()),
        None => List::new(all),
    }
}

impl Judge<'_, '_> {
    /// `read`, or what `reply` makes of it and the last page.
    fn all(&mut self, good: Outcome, read: List, request: &Request) -> Reply {
        let Some(reply) = &request.reply else { return Reply { status: 200, body: read.into(), word: None } };
        let body = self.scene.read(reply, Reads::of(&request.vendor));
        match fault(&body, request.output.as_ref()) {
            Some(why) => self.unusable(good, why),
            None => Reply { status: 200, body, word: None },
        }
    }
}

/// The next page's URL, which must be on the same host.
fn follow(good: &Outcome, next: &Value) -> Result<Url, String> {
    let from = good.received.as_ref().and_then(|received| received.url.as_ref()).ok_or("there was no page")?;
    let next = next.as_str().ok_or_else(|| format!("the link to the next page is {}", next.kind()))?;
    let next = from.join(next).map_err(|why| format!("the link to the next page cannot be read: {why}"))?;
    if next.origin() != from.origin() {
        return Err("the link to the next page leads to another host".to_owned());
    }
    Ok(next)
}
