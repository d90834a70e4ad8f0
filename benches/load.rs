// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How long it takes to read a project, and to judge it: the shipped stack, and chains of 3, 500 and 1,000 services.

mod stack;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use stackctl::catalog::Catalog;
use stackctl::compose::{InputFile, LoadRequest, Loaded, Purpose, ReadError, Sources, load};
use stackctl::rules::{Context, Facts, Judgement, Settings, judge};

const SHIPPED: &str = include_str!("../docker-compose.ai.yml");

/// A folder with the compose file alone.
struct Alone;

impl Sources for Alone {
    fn read(&self, _: &Path) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::NotFound)
    }
}

fn loaded(text: &str, purpose: Purpose) -> Loaded {
    let folder = PathBuf::from("/project");
    let request = LoadRequest {
        files: vec![InputFile {
            path: folder.join("compose.yaml"),
            display: "compose.yaml".to_owned(),
            content: Some(text.as_bytes().to_vec()),
        }],
        project_dir: folder.clone(),
        working_dir: folder,
        project_name: None,
        default_name: "project".to_owned(),
        environment: BTreeMap::new(),
        example_environment: BTreeMap::new(),
        profiles: Vec::new(),
        interpolate: true,
        purpose,
    };
    load(&request, &Alone)
}

fn judged(text: &str, catalog: &Catalog) -> Option<Judgement> {
    let loaded = loaded(text, Purpose::Validate);
    let project = loaded.project.as_ref()?;
    let context = Context { project, sources: &loaded.sources, catalog, facts: &Facts {} };
    Some(judge(&context, loaded.diagnostics, &Settings::default()))
}

fn read_and_judge(criterion: &mut Criterion) {
    let catalog = Catalog::embedded();
    let texts = [
        ("shipped", SHIPPED.to_owned()),
        ("3", stack::stack(3)),
        ("500", stack::stack(500)),
        ("1000", stack::stack(1000)),
    ];
    for (name, text) in &texts {
        for (step, purpose) in [("load for validate", Purpose::Validate), ("load for config", Purpose::Config)] {
            let mut group = criterion.benchmark_group(step);
            group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.iter(|| loaded(black_box(text), purpose));
            });
            group.finish();
        }
        let mut group = criterion.benchmark_group("load and judge");
        group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| judged(black_box(text), &catalog));
        });
        group.finish();
    }
}

criterion_group!(benches, read_and_judge);
criterion_main!(benches);
