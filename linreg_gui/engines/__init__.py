"""The engines that take the steps: the lesson's own loop, and a scan of many steps at once."""
