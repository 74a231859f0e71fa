//! `wfctl explain`

use wf_local::SqliteStore;

use crate::args::{Explain, Output, StoreArgs};
use crate::exit::{Exit, Refusal};
use crate::explain::recorded::{Recorded, find};
use crate::explain::writes;
use crate::explain::{Form, Since, outlined, over_runs, story, with_other_params};
use crate::output;
use crate::wiring::read_set;

/// Says why a recorded run did what it did, about one item or in outline.
pub fn explain(args: &Explain) -> Result<Exit, Refusal> {
    let json = json(args.output, "explain")?;
    super::runtime()?.block_on(async {
        let store = open(&args.store)?;
        let since = args.since.as_deref().map(Since::parse).transpose()?;
        if let Some(what) = &args.write {
            // a program may ask for all that there is
            if what.trim().is_empty() && !json {
                let message = "--write: say what is looked for: a ticket's number, a serial, some words of a note, or a request id";
                return Err(Refusal::wrong(message));
            }
            let asked = writes::Asked { run: args.run.as_deref(), since, what };
            output::print(&writes::written(&store, &asked, json).await?);
            return Ok(Exit::Fine);
        }
        let run = args.run.as_deref().unwrap_or_default();
        if let Some(since) = since {
            if json {
                return Err(Refusal::wrong("--since and --output json do not go together"));
            }
            output::print(&over_runs(&store, run, since, args.item.as_deref()).await?);
            return Ok(Exit::Fine);
        }
        let recorded = Recorded::read(&store, find(&store, run).await?).await?;
        if !args.sets.is_empty() {
            if json {
                return Err(Refusal::wrong("--set and --output json do not go together"));
            }
            let sets = args.sets.iter().map(|set| read_set(set)).collect::<Result<Vec<_>, _>>()?;
            output::print(&with_other_params(&store, &recorded, args.item.as_deref(), &sets).await?);
            return Ok(Exit::Fine);
        }
        let text = match &args.item {
            Some(item) => story(&store, &recorded, item, form(args, json)).await?,
            None => outlined(&store, &recorded, json).await?,
        };
        output::print(&text);
        Ok(Exit::Fine)
    })
}

fn form(args: &Explain, json: bool) -> Form {
    match (json, args.full) {
        (true, _) => Form::Json,
        (false, true) => Form::Full,
        (false, false) => Form::Short,
    }
}

/// The store with the runs; it is not made, since nothing would be in it.
pub fn open(args: &StoreArgs) -> Result<SqliteStore, Refusal> {
    let path = &args.store;
    if !path.exists() {
        let message =
            format!("nothing was recorded: there is no {} (wfctl run makes it; --store names another)", path.display());
        return Err(Refusal::wrong(message));
    }
    SqliteStore::open_to_read(path).map_err(|e| Refusal::failed(e.to_string()))
}

/// Whether the answer is to be JSON.
pub fn json(output: Output, command: &str) -> Result<bool, Refusal> {
    match output {
        Output::Human => Ok(false),
        Output::Json => Ok(true),
        Output::Github => {
            Err(Refusal::wrong(format!("--output github is for validate; {command} knows human and json")))
        }
    }
}
