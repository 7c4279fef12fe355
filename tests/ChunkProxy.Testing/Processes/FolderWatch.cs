using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Processes;

/// <summary>Observes changes that another process makes in a folder.</summary>
public sealed class FolderWatch : IDisposable
{
    private readonly string _folder;
    private readonly ChangeSignal _changed = new();
    private readonly FileSystemWatcher _watcher;
    private long _most;

    public FolderWatch(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _watcher = new FileSystemWatcher(_folder) { IncludeSubdirectories = true, InternalBufferSize = 64 * 1024 };
        _watcher.Created += (_, _) => Look();
        _watcher.Changed += (_, _) => Look();
        _watcher.Renamed += (_, _) => Look();
        _watcher.Deleted += (_, _) => Look();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>The current size of all files, in bytes.</summary>
    public long Bytes => Files.Sum(LengthOf);

    /// <summary>The maximum size of all files over all scans, in bytes. Each change triggers a scan.</summary>
    public long MostBytes => Interlocked.Read(ref _most);

    public IReadOnlyList<string> Files => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

    /// <summary>Waits until the files meet a condition, which is checked after each change.</summary>
    public Task UntilAsync(Func<FolderWatch, bool> holds, string what, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => holds(this), what, cancellationToken);

    public void Dispose() => _watcher.Dispose();

    private static long LengthOf(string file)
    {
        try
        {
            return new FileInfo(file).Length;
        }
        catch (IOException)
        {
            return 0; // deleted since it was listed
        }
    }

    // During a scan, one file may be deleted and another created. Adding both would count a size that never existed.
    // Files that are in this scan and in the next one existed together between the two.
    private long BytesAtOneMoment()
    {
        var before = Files.ToDictionary(file => file, LengthOf);
        var after = Files.ToHashSet();
        return before.Where(file => after.Contains(file.Key)).Sum(file => file.Value);
    }

    private void Look()
    {
        var bytes = BytesAtOneMoment();
        for (var most = MostBytes; bytes > most; most = MostBytes)
        {
            Interlocked.CompareExchange(ref _most, bytes, most);
        }

        _changed.Raise();
    }
}
