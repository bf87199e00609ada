"""Personal tokens: how one is written, what it stands for, and who may use it until when."""
