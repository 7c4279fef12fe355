namespace ChunkProxy.Cache.Settings;

/// <summary>Divides the machine's memory and disk space. Pure arithmetic; see docs/operations.md.</summary>
internal static class Sizing
{
    /// <summary>Memory of the process besides its budgets: runtime, code, connections and buffers, in bytes. Measured under load: 120 MiB.</summary>
    public static readonly ByteSize Process = ByteSize.MiB(128);

    private static readonly CacheOptions Defaults = new();

    /// <summary>Returns the memory budget if none is configured: half of the memory that the process leaves, at most the default, in whole MiB.</summary>
    public static ByteSize MemoryBudget(long memory, ByteSize chunk)
    {
        var half = WholeMiB((memory - Process) / 2);
        var least = Math.Max(LeastFor(chunk), ByteSize.MiB(1));
        return Math.Max(Math.Min(half, Defaults.MemoryBudget), least);
    }

    /// <summary>Returns the metadata budget if none is configured: a 32nd of the memory, at most the default and at least 1 MiB.</summary>
    public static ByteSize MetadataBudget(long memory) => Math.Max(Math.Min(WholeMiB(memory / 32), Defaults.MetadataBudget), ByteSize.MiB(1));

    /// <summary>Returns the disk budget if none is configured: four fifths of the space, at most the default; 0 if that is too little.</summary>
    public static ByteSize DiskBudget(long? space, ByteSize chunk)
    {
        var most = Math.Min(WholeMiB(space / 5 * 4 ?? long.MaxValue), Defaults.DiskBudget);
        return most < LeastFor(chunk) ? 0 : most;
    }

    /// <summary>Returns why the budgets exceed the memory, with the arithmetic; null if they fit.</summary>
    public static string? MemoryFault(CacheOptions options, long memory) =>
        options.MemoryBudget > memory - Math.Min(memory, options.MetadataBudget)
            ? $"{options.MemoryBudget} does not fit: the memory limit is {Shown(memory)}, and object metadata takes {options.MetadataBudget} of it"
            : null;

    /// <summary>Returns a warning if the budgets leave the process too little memory, with the arithmetic; else null.</summary>
    public static string? MemoryWarning(CacheOptions options, long memory)
    {
        var left = memory - options.MemoryBudget - options.MetadataBudget;
        return left >= Process
            ? null
            : $"the memory limit is {Shown(memory)}; memory of {options.MemoryBudget} (-size-m) and metadata of {options.MetadataBudget} (-size-s) leave {Shown(left)} for the process, which takes about {Process} under load. It may be killed; reduce -size-m";
    }

    /// <summary>Returns a warning if the disk budget exceeds the space, with the arithmetic; else null.</summary>
    public static string? DiskWarning(CacheOptions options, long? space) =>
        space is { } bytes && bytes < options.DiskBudget
            ? $"the disk cache may take {options.DiskBudget} (-size-d), but its file system has {Shown(bytes)} for it. When the disk is full, chunks are no longer written"
            : null;

    /// <summary>Does the same for one of several directories.</summary>
    public static string? DiskWarning(string directory, long budget, long? space) =>
        space is { } bytes && bytes < budget
            ? $"the disk cache may take {Shown(budget)} in {directory}, its share of -size-d, but the file system has {Shown(bytes)} for it. When it is full, chunks go to the other directories"
            : null;

    // An invalid chunk size is refused later.
    private static long LeastFor(ByteSize chunk) => Math.Min(chunk, ByteSize.MiB(64)) * CacheOptions.LeastChunksInMemory;

    private static long WholeMiB(long bytes) => Math.Max(0, bytes) >> 20 << 20;

    private static string Shown(long bytes) => bytes >= 1 << 20 ? new ByteSize(WholeMiB(bytes)).ToString() : new ByteSize(Math.Max(0, bytes)).ToString();
}
