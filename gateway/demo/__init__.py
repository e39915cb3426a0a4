"""The demonstration: a made-up exporter, a sink that plays the recipient, sample exports."""
