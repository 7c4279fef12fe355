namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>The reads that ended between two faults.</summary>
internal sealed record LoadPhase(string Name)
{
    public int Reads { get; set; }

    public TimeSpan Slowest { get; set; }

    public override string ToString() => $"{Name,-44} {Reads,5} reads, slowest {Slowest.TotalMilliseconds,6:0} ms";
}
