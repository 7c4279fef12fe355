namespace ChunkProxy.AppHost;

/// <summary>The end of a start that cannot succeed: one line that says what is wrong, and the exit code.</summary>
internal static class Refusal
{
    private const int ExitCode = 1;

    public static int Of(string problem)
    {
        Console.Error.WriteLine($"ChunkProxy.AppHost: {problem}");
        return ExitCode;
    }
}
