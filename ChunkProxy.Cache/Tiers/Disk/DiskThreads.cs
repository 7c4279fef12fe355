namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A few threads for blocking file I/O, so that a slow disk takes neither a caller's thread nor the thread pool's.</summary>
/// <remarks>
/// One thread runs its work in the order in which it was posted. Work that is cancelled while it waits never runs; once begun it
/// runs to its end. Whoever awaits it continues on the thread pool, not here.
/// </remarks>
internal sealed class DiskThreads : TaskScheduler, IAsyncDisposable
{
    private readonly LinkedList<Task> _queue = []; // guarded by itself; pulsed when something comes, and at the end
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _count;
    private readonly int _queueLimit;
    private int _running;
    private bool _isEnding;

    /// <param name="name">For debuggers.</param>
    /// <param name="count">How many.</param>
    /// <param name="queueLimit">So much work may wait for a thread; beyond, <see cref="IsFull"/>.</param>
    public DiskThreads(string name, int count, int queueLimit = int.MaxValue)
    {
        _count = count;
        _queueLimit = queueLimit;
        _running = count;
        for (var i = 0; i < count; i++)
        {
            new Thread(Run) { Name = name, IsBackground = true }.Start();
        }
    }

    /// <summary>More work waits for a thread than should.</summary>
    public bool IsFull
    {
        get
        {
            lock (_queue)
            {
                return _queue.Count >= _queueLimit;
            }
        }
    }

    public override int MaximumConcurrencyLevel => _count;

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        // Not StartNew: its tasks notice a cancellation only when their turn comes.
        var task = new Task<T>(work, cancellationToken, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            task.Start(this);
        }
        catch (InvalidOperationException) when (task.IsCanceled)
        {
            // cancelled before it began
        }

        return task;
    }

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
        lock (_queue)
        {
            _isEnding = true;
            Monitor.PulseAll(_queue);
        }

        await _ended.Task;
    }

    protected override void QueueTask(Task task)
    {
        lock (_queue)
        {
            ObjectDisposedException.ThrowIf(_isEnding, this);
            _queue.AddLast(task);
            Monitor.Pulse(_queue);
        }
    }

    // Called for a task that is cancelled while it waits.
    protected override bool TryDequeue(Task task)
    {
        lock (_queue)
        {
            return _queue.Remove(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_queue)
        {
            return [.. _queue];
        }
    }

    private void Run()
    {
        while (Next() is { } task)
        {
            TryExecuteTask(task);
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult();
        }
    }

    private Task? Next()
    {
        lock (_queue)
        {
            while (_queue.First is null && !_isEnding)
            {
                Monitor.Wait(_queue);
            }

            var next = _queue.First?.Value;
            if (next is not null)
            {
                _queue.RemoveFirst();
            }

            return next;
        }
    }
}
