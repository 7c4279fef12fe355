using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Processes;

/// <summary>Sees what another process does in a folder, as it does it.</summary>
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

    /// <summary>Bytes in all files now.</summary>
    public long Bytes => Files.Sum(LengthOf);

    /// <summary>The most bytes that were there at any look; there is one at each change.</summary>
    public long MostBytes => Interlocked.Read(ref _most);

    public IReadOnlyList<string> Files => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

    /// <summary>Waits until the files are as they should be; they are looked at after each change.</summary>
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
            return 0; // gone since it was listed
        }
    }

    // One look takes a while, in which a file may go and another come: to add up both would be to count what was never there at one time.
    // What is there in this look and in the next one was there between the two.
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
