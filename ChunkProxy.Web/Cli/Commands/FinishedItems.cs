using System.Text;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The file in which a run records the objects that it has finished, so that the next run skips them.</summary>
/// <remarks>A line is complete when its line feed is there. A run that is killed may leave a part of a line, which could be the name of another object: it is cut off.</remarks>
internal sealed class FinishedItems : IDisposable
{
    // Tells the file from any other, such as the list itself: each of its lines would be skipped.
    private const string FirstLine = "# chunkproxy warm: finished objects";

    private readonly HashSet<string> _before = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly FileStream? _file; // guarded by _gate

    private FinishedItems(FileStream? file) => _file = file;

    /// <summary>Records nothing.</summary>
    public static FinishedItems None { get; } = new(null);

    /// <summary>Opens the file, or creates it. No other run can open it meanwhile.</summary>
    /// <exception cref="IOException">The file cannot be opened, or another run has it open.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read or written.</exception>
    /// <exception cref="InvalidDataException">The file has another content.</exception>
    public static FinishedItems Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var finished = new FinishedItems(file);
            finished.ReadBefore();
            return finished;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether an earlier run finished the object.</summary>
    public bool Contains(WarmItem item) => _before.Contains(item.Key);

    /// <summary>Records a finished object.</summary>
    public void Add(WarmItem item) => Append(item.Key);

    public void Dispose() => _file?.Dispose();

    private void ReadBefore()
    {
        if (_file!.Length == 0)
        {
            Append(FirstLine);
            return;
        }

        using var reader = new StreamReader(_file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        if (reader.ReadLine() != FirstLine)
        {
            throw new InvalidDataException("it is another file: its first line is not the one that a run writes");
        }

        while (reader.ReadLine() is { } line)
        {
            _before.Add(_before.Count < WarmList.MostObjects ? line : throw new InvalidDataException($"it has more than {WarmList.MostObjects} lines"));
        }

        CutPartOfALine();
    }

    private void CutPartOfALine()
    {
        _file!.Position = _file.Length - 1;
        if (_file.ReadByte() == '\n')
        {
            return;
        }

        var end = _file.Length - 1;
        for (; end > 0; end--)
        {
            _file.Position = end - 1;
            if (_file.ReadByte() == '\n')
            {
                break;
            }
        }

        var part = new byte[_file.Length - end];
        _file.ReadExactly(part);
        _before.Remove(Encoding.UTF8.GetString(part));
        _file.SetLength(end);
        _file.Position = end;
    }

    private void Append(string line)
    {
        lock (_gate)
        {
            _file?.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _file?.Flush();
        }
    }
}
