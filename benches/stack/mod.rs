// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Compose files of any size for measurements: a chain of services, each with everything that a careful author writes.

use std::fmt::Write as _;

/// A compose file with this many services. Each waits for the one before it, has its own volume, port and check, and
/// takes one variable that is not set.
pub(crate) fn stack(services: usize) -> String {
    let mut text = format!("name: chain{services}\nservices:\n");
    for number in 0..services {
        let _ = write!(
            text,
            "  link{number:04}:
    image: registry.example.org/chain/link{number}:{number}.{number}.{number}
    container_name: link{number:04}
    restart: unless-stopped
    user: \"1000:1000\"
"
        );
        if let Some(before) = number.checked_sub(1) {
            let _ = writeln!(text, "    depends_on:\n      link{before:04}:\n        condition: service_healthy");
        }
        let _ = writeln!(text, "    environment:\n      LOG_LEVEL: INFO");
        if let Some(before) = number.checked_sub(1) {
            let _ = writeln!(text, "      BEFORE_URL: http://link{before:04}:8080");
        }
        let port = 10_000 + number;
        let _ = write!(
            text,
            "      ACCESS_TOKEN: ${{ACCESS_TOKEN_{number}:-none}}
    ports:
      - \"127.0.0.1:{port}:8080\"
    volumes:
      - state{number:04}:/data
      - ./settings/link{number:04}:/etc/link:ro
    networks:
      - chain
    healthcheck:
      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost:8080/health\"]
      interval: 30s
      timeout: 5s
      retries: 3
      start_period: 20s
    logging:
      driver: json-file
      options:
        max-size: \"10m\"
"
        );
    }
    text.push_str("networks:\n  chain: {}\nvolumes:\n");
    for number in 0..services {
        let _ = writeln!(text, "  state{number:04}: {{}}");
    }
    text
}
