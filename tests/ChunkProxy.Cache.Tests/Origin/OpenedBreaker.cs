using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

internal static class OpenedBreaker
{
    /// <summary>Completes when the breaker opens the next time.</summary>
    public static Task WhenOpened(this OriginBreaker breaker)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        breaker.Opened.Register(opened.SetResult);
        return opened.Task;
    }
}
