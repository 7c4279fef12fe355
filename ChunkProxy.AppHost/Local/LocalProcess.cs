namespace ChunkProxy.AppHost.Local;

/// <summary>A process to be kept running: what to start, after what, and how to see that it is ready.</summary>
internal sealed record LocalProcess(string Name, string Program, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of those that must be ready first. They are stopped only after this one has ended.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Answers 200 (<c>http</c>) or takes connections (<c>tcp</c>) once the process is ready.</summary>
    public required Uri Probe { get; init; }

    /// <summary>What people are told: where it is, and what is there.</summary>
    public IReadOnlyList<(string Url, string What)> Links { get; init; } = [];
}
