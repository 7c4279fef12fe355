namespace ChunkProxy.Testing.Fuzzing;

/// <summary>An input showed a defect.</summary>
public sealed class FuzzException : Exception
{
    public FuzzException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    public FuzzException()
    {
    }

    public FuzzException(string message)
        : base(message)
    {
    }
}
