"""What Slack shows and how it is told: pure views in `blocks`, calls in `client`, people, texts, limits."""
