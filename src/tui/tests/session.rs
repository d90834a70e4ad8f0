// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Whole sessions against an engine in memory: what is seen, asked for, agreed to and done.

use std::sync::Arc;
use std::time::Duration;

use super::sample::{UNICODE, press, screen, start};
use crate::app::Selection;
use crate::app::dashboard::{Hands, Order, serve};
use crate::app::observe::Scope;
use crate::app::testing::{Lab, check};
use crate::app::watch::{Extent, Request};
use crate::config::{Layer, resolve};
use crate::sys::fake::{FakeClock, FakeDisk};
use crate::tui::model::Model;
use crate::tui::{Effect, Inbox, Msg, update};

/// Lets time pass, and gives the model all that came meanwhile.
async fn settle(model: &mut Model, inbox: &Inbox, orders: &tokio::sync::mpsc::Sender<Order>) {
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        for msg in inbox.drain() {
            for effect in update(model, msg) {
                hand_on(effect, orders);
            }
        }
    }
}

fn hand_on(effect: Effect, orders: &tokio::sync::mpsc::Sender<Order>) {
    if let Effect::Ask(wish) = effect {
        orders.try_send(Order { wish, done: None }).unwrap();
    }
}

#[test]
fn a_service_is_found_sick_and_restarted_after_a_yes() {
    let lab = Lab::new();
    lab.start("good", &["sleep", "1000"], |plan| plan.health_check = Some(check(&["CMD", "true"])));
    lab.start("sick", &["sleep", "1000"], |plan| {
        plan.health_check = Some(check(&["CMD-SHELL", "echo no; exit 7"]));
        plan.environment = vec!["API_TOKEN=hunter2hunter2".to_owned()];
    });
    lab.engine().advance(Duration::from_secs(5));
    lab.ask(async |live| {
        let inbox = Arc::new(Inbox::default());
        let (orders, taken) = tokio::sync::mpsc::channel(16);
        let settings = resolve(None, &Layer::default(), &Layer::default());
        let (disk, clock) = (FakeDisk::default(), FakeClock(lab.engine().now()));
        let hands = Hands {
            live,
            screen: inbox.as_ref(),
            selection: &Selection::default(),
            flags: &Layer::default(),
            sets: crate::app::backup::Outside { disk: &disk, clock: &clock },
            settings: &settings,
        };
        let request = Request {
            scope: Scope::Everything,
            services: std::collections::BTreeSet::new(),
            file: None,
            is_only_engine: true,
            extent: Extent::Ongoing,
        };
        let cancelled = tokio_util::sync::CancellationToken::new();
        let script = async {
            let mut model = Model::new(start((100, 30), UNICODE));
            settle(&mut model, &inbox, &orders).await;
            let text = screen(&model);
            assert!(text.contains("unhealthy") && text.contains("last exit 7: no"), "{text}");
            assert!(text.contains("> sick"), "the worst is chosen first: {text}");

            for effect in press(&mut model, "2") {
                hand_on(effect, &orders);
            }
            settle(&mut model, &inbox, &orders).await;
            let text = screen(&model);
            assert!(text.contains("CMD-SHELL echo no; exit 7") && text.contains("exit 7"), "{text}");

            // No, at first.
            assert!(press(&mut model, "r enter").is_empty());
            assert!(!lab.engine().calls().contains(&"restart container"));
            for effect in press(&mut model, "r y") {
                hand_on(effect, &orders);
            }
            settle(&mut model, &inbox, &orders).await;
            assert!(lab.engine().calls().contains(&"restart container"));
            assert!(screen(&model).contains("restart is done"), "{}", screen(&model));
            assert!(!format!("{model:?}").contains("hunter2"), "no secret reaches the screen's model");

            lab.engine().go_away();
            settle(&mut model, &inbox, &orders).await;
            assert!(screen(&model).contains("lost"), "{}", screen(&model));
            drop(press(&mut model, "1"));
            lab.engine().come_back();
            settle(&mut model, &inbox, &orders).await;
            settle(&mut model, &inbox, &orders).await;
            assert!(screen(&model).contains("here ● live"), "{}", screen(&model));
            drop(update(&mut model, Msg::Size(40, 12)));
            drop(screen(&model));
            cancelled.cancel();
        };
        tokio::join!(serve(hands, &request, taken, &cancelled), script);
    });
}
