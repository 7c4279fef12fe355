using ChunkProxy.Cache.Metering;

namespace ChunkProxy.Cache.Settings;

/// <summary>A small file with a value that may be replaced while the process runs, such as a secret that rotates. Read again at most once per interval.</summary>
/// <remarks>
/// The file is read by the first caller after the interval, so an idle process never works with an old value. Files are not watched: a mounted secret
/// is often a link that is replaced, which watchers miss.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="parse">Returns the value of a content. Throws <see cref="FormatException"/> if the content is invalid.</param>
/// <param name="interval">Shortest time between two reads.</param>
/// <param name="failed">Called with the reason if the file cannot be used, and once a minute while that continues. The last value stays in use.</param>
/// <param name="time">The clock.</param>
internal sealed class RereadFile<T>(string path, Func<string, T> parse, TimeSpan interval, Action<string> failed, TimeProvider time)
    where T : class
{
    /// <summary>Longest file, in bytes.</summary>
    public const int Longest = 64 * 1024;

    private readonly Recurrence _failures = new(time);
    private readonly Lock _gate = new();
    private string? _content; // under _gate
    private T? _value; // written under _gate, before _readAt
    private long _readAt; // written under _gate

    /// <summary>The value of the last content that was valid.</summary>
    /// <exception cref="Exception">The first read failed, as in <see cref="Read"/>.</exception>
    public T Value
    {
        get
        {
            if (Volatile.Read(ref _value) is { } current && time.GetElapsedTime(Volatile.Read(ref _readAt)) < interval)
            {
                return current;
            }

            lock (_gate)
            {
                if (_value is null || time.GetElapsedTime(_readAt) >= interval)
                {
                    Refresh();
                }

                return _value!;
            }
        }
    }

    /// <summary>Reads the file, for validation.</summary>
    /// <exception cref="IOException">The file cannot be read, or is too long.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not read the file.</exception>
    /// <exception cref="FormatException">The content is invalid.</exception>
    public static T Read(string path, Func<string, T> parse) => parse(TextOf(path));

    private static string TextOf(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > Longest)
        {
            throw new IOException($"the file has more than {Longest} bytes");
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    // Called under _gate.
    private void Refresh()
    {
        try
        {
            var content = TextOf(path);
            if (content != _content)
            {
                _value = parse(content);
                _content = content;
            }
        }
        catch (Exception error) when (_value is not null && error is (IOException or UnauthorizedAccessException or FormatException))
        {
            if (_failures.Happened() > 0)
            {
                failed(error.Message);
            }
        }

        Volatile.Write(ref _readAt, time.GetTimestamp());
    }
}
