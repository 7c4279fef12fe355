using System.Collections.Concurrent;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A few threads for blocking file I/O, so that a slow disk takes neither a caller's thread nor the thread pool's.</summary>
/// <remarks>
/// One thread runs its work in the order in which it was posted. Work that is cancelled while it waits never runs; once begun it
/// runs to its end. Whoever awaits it continues on the thread pool, not here.
/// </remarks>
internal sealed class DiskThreads : TaskScheduler, IAsyncDisposable
{
    private readonly BlockingCollection<Task> _queue = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _count;
    private int _running;

    public DiskThreads(string name, int count)
    {
        _count = count;
        _running = count;
        for (var i = 0; i < count; i++)
        {
            new Thread(Run) { Name = name, IsBackground = true }.Start();
        }
    }

    /// <summary>Work that waits for a thread.</summary>
    public int Backlog => _queue.Count;

    public override int MaximumConcurrencyLevel => _count;

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously, this);

    /// <summary>Posts work that nobody awaits and that catches its own faults. False once the threads are ending.</summary>
    public bool TryPost(Action work)
    {
        try
        {
            _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
            return true;
        }
        catch (TaskSchedulerException)
        {
            return false;
        }
    }

    /// <summary>Lets what was posted run to its end and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _ended.Task;
    }

    protected override void QueueTask(Task task) => _queue.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();

    private void Run()
    {
        foreach (var task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult();
        }
    }
}
