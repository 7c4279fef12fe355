using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Opens the files with keys that <see cref="AccessOptions"/> names. They are read again while the process runs.</summary>
internal static partial class AccessKeyFile
{
    /// <param name="path">The file.</param>
    /// <param name="parse">Returns the keys in a content. Throws <see cref="FormatException"/> if it is invalid.</param>
    /// <param name="options">The settings that name it.</param>
    /// <param name="setting">The one that names it.</param>
    /// <param name="scope">The name of the options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Receives faults.</param>
    public static RereadFile<T> Open<T>(string path, Func<string, T> parse, AccessOptions options, string setting, string? scope, TimeProvider time, ILogger log)
        where T : class =>
        new(path, parse, options.RereadAfter, reason => LogOldKeys(log, $"{SettingScope.Of(scope, AccessOptions.Section)}:{setting}", reason), time);

    [LoggerMessage(1, LogLevel.Warning, "{Setting} cannot be used ({Reason}); the previous keys stay in use")]
    private static partial void LogOldKeys(ILogger log, string setting, string reason);
}
