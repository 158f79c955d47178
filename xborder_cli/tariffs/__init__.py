"""Official tariff files -> programmes of duty in a user's own folder of tables."""
