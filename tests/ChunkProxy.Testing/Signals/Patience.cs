namespace ChunkProxy.Testing.Signals;

/// <summary>Time limit of waits in tests. Long enough for busy machines; no passing test needs it.</summary>
public static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);
}
