namespace ChunkProxy.Testing.Signals;

/// <summary>How long a test waits for what must happen before it says that it did not. Long, for machines that are busy; no test takes it.</summary>
public static class Patience
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);
}
