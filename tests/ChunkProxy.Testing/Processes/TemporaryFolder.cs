namespace ChunkProxy.Testing.Processes;

/// <summary>A folder for one test, deleted at disposal.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("chunkproxy-test-").FullName;

    public string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is being killed may still write here. Remaining files in the temporary folder are harmless.
        }
    }
}
