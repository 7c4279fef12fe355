namespace ChunkProxy.Web.Logs;

/// <summary>The file or the standard output that lines are written to.</summary>
internal sealed class LogFile : IDisposable
{
    public const string StandardOutput = "stdout";

    private readonly string _path;
    private Stream? _stream;

    /// <param name="path">The path, or <see cref="StandardOutput"/>.</param>
    public LogFile(string path) => _path = path is StandardOutput ? path : Path.GetFullPath(path);

    /// <summary>Opens it to append; creates it if it is missing. Other users than owner and group cannot read a new file.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not write to it.</exception>
    public void Open() => _stream ??= _path is StandardOutput ? Console.OpenStandardOutput() : new FileStream(_path, Options());

    /// <summary>Closes it, so that the next write opens the file that has the path then.</summary>
    public void Close()
    {
        if (_path is not StandardOutput)
        {
            _stream?.Dispose();
            _stream = null;
        }
    }

    /// <inheritdoc cref="Open"/>
    public void Write(ReadOnlySpan<byte> lines)
    {
        Open();
        _stream!.Write(lines);
        _stream.Flush();
    }

    public void Dispose() => _stream?.Dispose();

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        return options;
    }
}
