namespace ChunkProxy.AppHost.Local;

/// <summary>How long to wait before a process that ended is started again: doubled each time, forgotten after a good while of running.</summary>
internal readonly record struct Backoff(int Failures)
{
    public static readonly TimeSpan GoodWhile = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public TimeSpan Delay => TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Clamp(Failures - 1, 0, 10)));

    public Backoff After(TimeSpan ran) => new(ran >= GoodWhile ? 1 : Failures + 1);
}
