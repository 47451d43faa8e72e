"""The page judged from outside, by Lighthouse."""
