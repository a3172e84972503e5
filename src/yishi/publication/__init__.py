"""What is made known: notices 公示, disclosures 公开, announcements 公告; objections; the ledger that proves them."""
