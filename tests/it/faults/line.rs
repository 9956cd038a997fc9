//! The line to the server breaks, stalls or garbles, at every message of a unit of work.

use std::time::Duration;

use retro_core::prelude::*;
use retro_tests::models::shop::Country;
use retro_tests::{Capability, Db, Fault, Proxy, Way, long, on_every_backend};

use super::unit::{Unit, shop};

/// The engine has so many connections.
const CONNECTIONS: u32 = 2;

/// How long a line is silent before the one who waits gives up.
const SILENCE: Duration = Duration::from_millis(20);

/// A database, and the line to it that breaks.
struct Disturbed {
    db: Db,
    proxy: Proxy,
}

/// What is known of a unit of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Failed,
    Unknown,
}

/// How often what happened.
#[derive(Debug, Default)]
struct Figures {
    faults: usize,
    /// The unit was done in spite of the fault.
    done: usize,
    failed: usize,
    unknown_and_done: usize,
    unknown_and_not: usize,
}

#[tokio::test]
async fn it_breaks_between_messages() {
    at_every_message(Fault::Drop, &[Way::ToServer, Way::ToEngine]).await;
}

#[tokio::test]
async fn it_breaks_within_a_message() {
    at_every_message(Fault::Cut, &[Way::ToServer, Way::ToEngine]).await;
}

#[tokio::test]
async fn it_is_slow() {
    at_every_message(Fault::Delay(Duration::from_millis(5)), &[Way::ToEngine]).await;
}

#[tokio::test]
async fn it_falls_silent() {
    at_every_message(Fault::Silence, &[Way::ToServer, Way::ToEngine]).await;
}

#[tokio::test]
async fn it_garbles_statements() {
    at_every_message(Fault::Spoil, &[Way::ToServer]).await;
}

#[tokio::test]
async fn it_breaks_while_connecting() {
    on_every_backend(async |db| {
        if !db.can(Capability::Server) {
            return;
        }
        let Disturbed { db, proxy } = Disturbed::new(db).await;
        for (way, fault) in
            [Way::ToServer, Way::ToEngine].into_iter().flat_map(|way| [(way, Fault::Drop), (way, Fault::Cut)])
        {
            let mut faults = 0;
            loop {
                let engine = db.engine_through(&proxy).max_connections(1).connect_lazy().unwrap();
                let mut session = Session::new(&engine);
                proxy.arm(way, fault, faults);
                let result = session.count(select(Country)).await;
                if !proxy.disarm() {
                    assert_eq!(result.unwrap(), 2);
                    break;
                }
                faults += 1;
                if let Err(error) = result {
                    assert_explained(&error, fault, &format!("{} message {faults} {way:?}", db.backend()));
                }
                assert_eq!(session.count(select(Country)).await.unwrap(), 2);
            }
            println!("{} {fault:?} {way:?} while connecting: {faults} faults", db.backend());
            assert!(faults > 5, "{faults}: connecting takes more messages than that");
        }
    })
    .await;
}

async fn at_every_message(fault: Fault, ways: &[Way]) {
    on_every_backend(async |db| {
        if !db.can(Capability::Server) {
            return;
        }
        let disturbed = Disturbed::new(db).await;
        for &way in ways {
            let mut figures = Figures::default();
            // Between messages it breaks at every one; the others come after that.
            let step = if fault == Fault::Drop || fault == Fault::Spoil || long() { 1 } else { 3 };
            for number in (0..).step_by(step) {
                if !disturbed.attempt(way, fault, number, &mut figures).await {
                    break;
                }
            }
            println!("{} {fault:?} {way:?}: {figures:?}", disturbed.db.backend());
            assert!(figures.faults > 10, "{figures:?}: the unit has more messages than that");
            if fault == Fault::Drop {
                let lost = if way == Way::ToServer { figures.unknown_and_not } else { figures.unknown_and_done };
                assert!(lost > 0, "{figures:?}: no COMMIT, or no answer to one, was lost");
            }
        }
    })
    .await;
}

impl Disturbed {
    async fn new(db: Db) -> Disturbed {
        let db = shop(db).await;
        let proxy = Proxy::start(db.url()).await;
        Disturbed { db, proxy }
    }

    /// Runs the unit with a fault at one message. Says whether there is such a message.
    async fn attempt(&self, way: Way, fault: Fault, number: usize, figures: &mut Figures) -> bool {
        let Disturbed { db, proxy } = self;
        // With an engine of its own, whose connections have prepared nothing, every attempt sends the
        // same messages.
        let engine = &db.engine_through(proxy).max_connections(CONNECTIONS).connect_lazy().unwrap();
        let unit = Unit::build(db, format!("{fault:?} {way:?} {number}")).await;
        let mut session = Session::new(engine);
        let cast = unit.load(&mut session).await.unwrap();
        db.quiet(engine).await;
        let before = unit.memory(&mut session, &cast);
        proxy.arm(way, fault, number);
        let silence = async {
            proxy.fired().await;
            tokio::time::sleep(SILENCE).await;
            if fault != Fault::Silence {
                std::future::pending::<()>().await;
            }
        };
        let result = tokio::select! {
            result = unit.work(&mut session, &cast) => Some(result),
            () = silence => None,
        };
        let fired = proxy.disarm();
        let context = format!("{} message {number} {way:?} {fault:?}", db.backend());
        let outcome = match &result {
            Some(Ok(())) => Outcome::Done,
            failed => {
                assert!(fired, "{context}: {failed:?} without a fault");
                if let Some(Err(error)) = failed {
                    assert_explained(error, fault, &context);
                }
                refused(&mut session, failed.as_ref(), &context).await
            }
        };
        session.rollback().await.unwrap();
        db.quiet(engine).await;
        let stored = unit.stored(db).await;
        let happened = stored == unit.after();
        assert!(happened || stored == unit.before(), "{context}: half of it happened: {stored:?}");
        figures.count(fired, outcome, happened);
        match outcome {
            Outcome::Done => assert!(happened, "{context}: reported as done"),
            Outcome::Failed => {
                assert!(!happened, "{context}: reported as failed");
                assert_eq!(unit.memory(&mut session, &cast), before, "{context}");
                unit.go_on(db, &mut session, &cast).await;
            }
            Outcome::Unknown => {
                unit.learn(db, &mut session, &cast).await;
                unit.go_on(db, &mut session, &cast).await;
            }
        }
        drop(session);
        self.all_connections_work(engine).await;
        engine.close().await;
        fired
    }

    /// Takes every connection at once, and writes with each.
    async fn all_connections_work(&self, engine: &Engine) {
        let mut sessions: Vec<Session> = (0..CONNECTIONS).map(|_| Session::new(engine)).collect();
        for (n, session) in sessions.iter_mut().enumerate() {
            session.add(new!(Country { id: 100 + n as i32, name: n.to_string() }));
            session.flush().await.unwrap();
        }
        drop(sessions);
        self.db.quiet(engine).await;
    }
}

impl Figures {
    fn count(&mut self, fired: bool, outcome: Outcome, happened: bool) {
        self.faults += usize::from(fired);
        let count = match (outcome, happened) {
            (Outcome::Done, _) if !fired => return,
            (Outcome::Done, _) => &mut self.done,
            (Outcome::Failed, _) => &mut self.failed,
            (Outcome::Unknown, true) => &mut self.unknown_and_done,
            (Outcome::Unknown, false) => &mut self.unknown_and_not,
        };
        *count += 1;
    }
}

/// What the session says of its unit of work once it was disturbed. It goes on if nothing had been
/// written, or if a savepoint has caught the fault; otherwise it refuses everything but a rollback.
async fn refused(session: &mut Session, failed: Option<&Result<(), Error>>, context: &str) -> Outcome {
    let Err(refused) = session.count(select(Country)).await else { return Outcome::Failed };
    assert!(refused.is_rolled_back(), "{context}: {refused:?}");
    assert!(session.commit().await.is_err_and(|error| error.is_rolled_back()), "{context}");
    let unknown = refused.is_outcome_unknown();
    if let Some(Err(first)) = failed {
        assert_eq!(first.is_outcome_unknown(), unknown, "{context}: {first:?}, then {refused:?}");
    }
    if unknown { Outcome::Unknown } else { Outcome::Failed }
}

/// The error says what kind it is, and what was being done.
fn assert_explained(error: &Error, fault: Fault, context: &str) {
    let text = error.to_string();
    match fault {
        Fault::Spoil => {
            assert!(!error.is_disconnected() && !error.is_outcome_unknown(), "{context}: {error:?}");
            assert!(text.contains("SPOI"), "{context}: {error:?}");
        }
        _ => {
            assert!(error.is_disconnected(), "{context}: {error:?}");
            let told = ["running `", "connect"].iter().any(|part| text.contains(part));
            assert!(told, "{context}: {error:?}");
        }
    }
}
