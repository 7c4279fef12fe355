namespace ChunkProxy.Web.Cli.Completion;

/// <summary>What <c>chunkproxy completion SHELL</c> prints. The scripts are made of the flags and commands, so that they cannot differ from them.</summary>
internal static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>Returns the script for a shell; null: there is none.</summary>
    public static string? For(string shell) => shell switch
    {
        "bash" => BashScript.Write(CompletedCommand.All),
        "zsh" => ZshScript.Write(CompletedCommand.All),
        "fish" => FishScript.Write(CompletedCommand.All),
        _ => null,
    };
}
