"""Pairs of losses from the literature: how they are related is said there, or is plain calculus."""

PROBABILITIES = ("p=0.01..1", "q=0.01..1")
RATIO = "r = exp(logp - sg(old)); "
CLIPPED = "(A > 0 and r > 1 + eps) or (A < 0 and r < 1 - eps)"
PPO = RATIO + "min(r*A, clip(r, 1 - eps, 1 + eps)*A)"
EPS = ("eps=0.1..0.3",)
Z3 = {"z": [0.5, -1, 2]}

IDENTICAL = {
    "softmax cross-entropy is the nll of log-softmax": (
        "-log(softmax(z)[1])",
        "logsumexp(z) - z[1]",
        {"wrt": "z", "at": Z3},
    ),
    "binary cross-entropy of logits": (
        "-y*log(sigmoid(z)) - (1 - y)*log(1 - sigmoid(z))",
        "softplus(z) - y*z",
        {"wrt": "z"},
    ),
    "DPO: log sigmoid is minus softplus (Rafailov et al. 2023, eq. 7)": (
        "-log(sigmoid(b*((pw - rw) - (pl - rl))))",
        "softplus(-b*(pw - pl - rw + rl))",
        {"wrt": "pw,pl"},
    ),
    "label smoothing mixes in the uniform cross-entropy (Mueller et al. 2019)": (
        "-sum(([1, 0, 0]*(1 - e) + e/3)*log(softmax(z)))",
        "-(1 - e)*log(softmax(z)[0]) - e*mean(log(softmax(z)))",
        {"wrt": "z", "at": Z3 | {"e": 0.1}},
    ),
    "a squared norm": ("sum((w - v)^2)", "w@w - 2*w@v + v@v", {"at": {"w": [1, 2], "v": [0, 3]}}),
    "hinge written with where": ("relu(1 - y*f)", "where(y*f < 1, 1 - y*f, 0)", {"wrt": "f"}),
    "log-cosh (both forms)": ("log(cosh(x))", "x + softplus(-2*x) - log(2)", {}),
}
CONSTANT = {
    "KL is cross-entropy minus the entropy of the targets": (
        "-p*log(q)",
        "p*log(p/q)",
        "-p*log(p)",
        {"wrt": "q", "ranges": PROBABILITIES},
    ),
    "the Gaussian nll of unit variance is half the square": (
        "(x - m)^2/2 + log(2*pi)/2",
        "(x - m)^2/2",
        "log(2*pi)/2",
        {"wrt": "m"},
    ),
    "a number more": ("(x - y)^2 + 3", "(x - y)^2", "3", {}),
}
GRADIENTS = {
    "REINFORCE, with the ratio pi/sg(pi) (Williams 1992)": (
        "exp(logp - sg(logp))*A",
        "logp*A",
        {"wrt": "logp"},
    ),
    "PPO's clipped objective (Schulman et al. 2017, eq. 7), in all cases": (
        PPO,
        RATIO + f"where({CLIPPED}, 0, sg(r)*A*logp)",
        {"wrt": "logp", "ranges": EPS},
    ),
    "PPO unclipped": (
        PPO,
        RATIO + "sg(r)*A*logp",
        {"wrt": "logp", "ranges": EPS, "assume": ("r > 1 - eps", "r < 1 + eps")},
    ),
    "PPO above the clip, A > 0: nothing flows": (
        PPO,
        "0*logp",
        {"wrt": "logp", "ranges": EPS, "assume": ("A > 0", "r > 1 + eps")},
    ),
    "PPO above the clip, A < 0: all flows": (
        PPO,
        RATIO + "sg(r)*A*logp",
        {"wrt": "logp", "ranges": EPS, "assume": ("A < 0", "r > 1 + eps")},
    ),
    "PPO below the clip, A > 0: all flows": (
        PPO,
        RATIO + "sg(r)*A*logp",
        {"wrt": "logp", "ranges": EPS, "assume": ("A > 0", "r < 1 - eps")},
    ),
    "PPO below the clip, A < 0: nothing flows": (
        PPO,
        "0*logp",
        {"wrt": "logp", "ranges": EPS, "assume": ("A < 0", "r < 1 - eps")},
    ),
    "straight-through rounding has the slope of its input (Bengio et al. 2013)": (
        "x + sg(round(x) - x)",
        "x",
        {},
    ),
    "GRPO's first step: the ratio is 1 (Shao et al. 2024, eq. 21)": (
        "exp(l - sg(l))*A - b*(exp(ref - l) - (ref - l) - 1)",
        "l*(A + sg(b*(exp(ref - l) - 1)))",
        {"wrt": "l"},
    ),
}
PROPORTIONAL = {
    "a mean and a sum": (
        "mean((x - y)^2)",
        "sum((x - y)^2)",
        "0.25",
        {"wrt": "x", "at": {"x": [1, 2, 3, 4], "y": [2, 2, 1, 1]}},
    ),
    "Huber is delta times smooth L1 (PyTorch's documentation)": (
        "huber(x, d)",
        "where(abs(x) < d, x^2/(2*d), abs(x) - d/2)",
        "d",
        {"wrt": "x", "ranges": ("d=0.1..3",)},
    ),
    "nats and bits": ("-log(q)", "-log2(q)", "log(2) ≈ 0.693147", {}),
    "a temperature as a factor": ("T^2*(x - y)^2", "(x - y)^2", "T^2", {"wrt": "x"}),
    "a rule that is wrong by a factor": (
        "def sq(x) = x^2; rule sq(x) = 3*x; sq(a)",
        "a^2",
        "1.5",
        {},
    ),
    "the wrong sign, and a factor": ("-2*(x - y)^2", "(x - y)^2", "-2", {"wrt": "x"}),
}
OPPOSITE = {
    "a loss and its objective": ("-log(q)*A", "log(q)*A", {"wrt": "q"}),
    "REINFORCE as a loss": ("-A*logp", "exp(logp - sg(logp))*A", {"wrt": "logp"}),
    "PPO's loss and its objective, for any eps": (
        PPO.replace("; ", "; -"),
        PPO,
        {"wrt": "logp"},
    ),
}
DIFFERENT = {
    "likelihood and log-likelihood": ("q^3*(1 - q)", "3*log(q) + log(1 - q)", {}),
    "L2 in the loss": ("(w*x - y)^2", "(w*x - y)^2 + 0.01*w^2", {"wrt": "w"}),
    "hinge and its square": ("relu(1 - y*f)", "relu(1 - y*f)^2", {"wrt": "f"}),
    "straight-through and plain rounding": ("x + sg(round(x) - x)", "round(x)", {}),
    "cross-entropy forwards and backwards": (
        "p*log(p/q)",
        "q*log(q/p)",
        {"wrt": "q", "ranges": PROBABILITIES},
    ),
    "PPO without its clip": (PPO, RATIO + "sg(r)*A*logp", {"wrt": "logp", "ranges": EPS}),
    "PPO in the unclipped region, of double size": (
        PPO,
        "A*(logp + exp(2*logp))",
        {"wrt": "logp", "ranges": EPS, "assume": ("r > 1 - eps", "r < 1 + eps")},
    ),
    "PPO, and REINFORCE without the ratio": (
        PPO,
        RATIO + f"where({CLIPPED}, 0, A*logp)",
        {"wrt": "logp", "ranges": EPS},
    ),
    "a stop at another place": ("sg(w)*w*x", "w^2*x", {"wrt": "x,w"}),
    "a small difference": ("x^2", "x^2 + 1e-12*x", {}),
    "a difference far out": ("x", "x + relu(x - 1e6)", {}),
    "a difference farther out": ("x^2", "x^2 + max(0, x - 1e30)", {}),
    "a difference far below": ("x^2", "x^2 + 1e-100*sin(x)", {}),
    "a difference between the whole numbers": ("x", "x + sin(pi*x)^2", {}),
    "max that ties everywhere": ("max(x, x + 0*y)", "x^2", {"wrt": "x"}),
    "mse and mae": ("(x - y)^2", "abs(x - y)", {"wrt": "x"}),
    "focal loss and cross-entropy": ("-(1 - q)^2*log(q)", "-log(q)", {}),
}
