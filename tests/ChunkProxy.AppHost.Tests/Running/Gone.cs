using ChunkProxy.Testing.Signals;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>Waits for processes that are not this one's children.</summary>
internal static class Gone
{
    public static async Task WhenAsync(IEnumerable<int> processes, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        foreach (var process in processes)
        {
            while (ProcessTree.IsAlive(process))
            {
                // The kernel notifies only the parent.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        }
    }
}
