"""One module a stage: open a view, call the method, append the result. Holds no method."""
