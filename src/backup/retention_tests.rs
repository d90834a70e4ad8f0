// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use chrono::{TimeDelta, TimeZone as _};
use proptest::prelude::*;

use super::*;

fn utc() -> FixedOffset {
    FixedOffset::east_opt(0).unwrap()
}

fn point(number: u64, hours: i64) -> Point {
    let captured = Utc.with_ymd_and_hms(2026, 11, 1, 0, 0, 0).unwrap() + TimeDelta::hours(hours);
    let id = format!("20261101T000000Z-{number:04}").parse().unwrap();
    Point { id, captured, complete: true, verified: true, protected: false }
}

fn kept(points: &[Point], policy: Policy, offset: FixedOffset) -> Vec<u64> {
    let fates = simulate(points, policy, offset).unwrap();
    fates.iter().filter(|fate| !fate.goes()).map(|fate| fate.id.number()).collect()
}

#[test]
fn newest_of_each_period_stays() {
    // Four sets a day, ten days.
    let points: Vec<Point> = (1..=40).map(|number| point(number, i64::try_from(number).unwrap() * 6 - 6)).collect();
    let policy = |last, daily, weekly, monthly| Policy { last, daily, weekly, monthly };
    assert_eq!(kept(&points, policy(3, 0, 0, 0), utc()), [40, 39, 38]);
    assert_eq!(kept(&points, policy(0, 3, 0, 0), utc()), [40, 36, 32]);
    // The first of November 2026 is a Sunday.
    assert_eq!(kept(&points, policy(0, 0, 9, 0), utc()), [40, 32, 4]);
    assert_eq!(kept(&points, policy(0, 0, 0, 2), utc()), [40]);
    assert_eq!(kept(&points, policy(1, 2, 0, 0), utc()), [40, 36]);
}

#[test]
fn days_are_those_of_the_reader() {
    let points = [point(1, 1), point(2, 23), point(3, 25)];
    let daily = Policy { daily: 9, ..Policy::default() };
    assert_eq!(kept(&points, daily, utc()), [3, 2]);
    assert_eq!(kept(&points, daily, FixedOffset::east_opt(2 * 3600).unwrap()), [3, 1]);
}

#[test]
fn protected_the_newest_verified_and_fresh_partials_stay() {
    let mut points: Vec<Point> = (1..=6).map(|number| point(number, 0)).collect();
    points[0].protected = true;
    points[2].complete = false;
    points[3].verified = false;
    points[4].verified = false;
    points[5].complete = false;
    let fates = simulate(&points, Policy { last: 1, ..Policy::default() }, utc()).unwrap();
    let found: Vec<(u64, Vec<Why>)> = fates.into_iter().map(|fate| (fate.id.number(), fate.kept)).collect();
    let expected = [
        (6, vec![Why::NewerThanComplete]),
        (5, vec![Why::Last]),
        (4, vec![]),
        (3, vec![]),
        (2, vec![Why::NewestVerified]),
        (1, vec![Why::Protected]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn no_rule_is_no_order_to_remove() {
    assert_eq!(simulate(&[point(1, 0)], Policy::default(), utc()).unwrap_err().code(), "retention_empty");
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    let one = (0_i64..2000, any::<bool>(), any::<bool>(), prop::bool::weighted(0.1));
    prop::collection::vec(one, 0..30).prop_map(|all| {
        let numbered = all.into_iter().zip(1..);
        let points = numbered.map(|((hours, complete, verified, protected), number)| Point {
            complete,
            verified,
            protected,
            ..point(number, hours)
        });
        points.collect()
    })
}

fn policies() -> impl Strategy<Value = Policy> {
    (1_usize..4, 0_usize..4, 0_usize..4, 0_usize..4).prop_map(|(last, daily, weekly, monthly)| Policy {
        last,
        daily,
        weekly,
        monthly,
    })
}

proptest! {
    #[test]
    fn protected_and_newest_verified_are_never_lost(points in points(), policy in policies()) {
        let kept = kept(&points, policy, utc());
        let newest = points.iter().filter(|point| point.complete && point.verified).max_by_key(|point| point.id);
        prop_assert!(newest.is_none_or(|newest| kept.contains(&newest.id.number())));
        prop_assert!(points.iter().filter(|point| point.protected).all(|point| kept.contains(&point.id.number())));
        prop_assert!(points.is_empty() || !kept.is_empty());
    }

    #[test]
    fn what_is_left_is_left_the_next_time_too(points in points(), policy in policies()) {
        let first = kept(&points, policy, utc());
        let left: Vec<Point> = points.into_iter().filter(|point| first.contains(&point.id.number())).collect();
        prop_assert_eq!(kept(&left, policy, utc()), first);
    }

    #[test]
    fn a_larger_policy_keeps_no_less(points in points(), policy in policies()) {
        let larger = Policy { last: policy.last + 1, daily: policy.daily + 2, ..policy };
        let more = kept(&points, larger, utc());
        prop_assert!(kept(&points, policy, utc()).iter().all(|number| more.contains(number)));
    }

    #[test]
    fn the_order_of_the_list_does_not_matter(points in points(), policy in policies()) {
        let mut turned = points.clone();
        turned.reverse();
        prop_assert_eq!(kept(&points, policy, utc()), kept(&turned, policy, utc()));
    }
}
