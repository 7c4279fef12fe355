using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Reason of a failed start, for the operator.</summary>
/// <param name="Line">One line that names the setting.</param>
/// <param name="ExitCode">2: a setting is invalid. 1: the settings are valid, but the system refuses.</param>
internal sealed record StartFailure(string Line, int ExitCode)
{
    public const int WrongSetting = 2;
    public const int Refused = 1;

    /// <summary>Returns the failure for an exception, or null for an unexpected exception, whose stack trace should be shown.</summary>
    /// <param name="exception">The exception that ended the start.</param>
    /// <param name="flagOf">Returns the flag of a configuration key, or null. Messages name the flag, which is what operators type.</param>
    public static StartFailure? Of(Exception exception, Func<string, string?> flagOf)
    {
        return exception switch
        {
            OptionsValidationException wrong => Wrong(wrong.Failures),

            // Several options classes are invalid, each with its own exception.
            AggregateException { InnerExceptions: var all } when all.All(e => e is OptionsValidationException) =>
                Wrong(all.Cast<OptionsValidationException>().SelectMany(e => e.Failures)),

            // appsettings.json; the message names the file.
            InvalidDataException { InnerException: { } reason } unreadable =>
                new($"{unreadable.Message} {reason.GetBaseException().Message}", WrongSetting),
            DirectoryInUseException taken => new(NameFlag($"{CacheOptions.Section}:{nameof(CacheOptions.Dir)}: {taken.Message}"), Refused),
            StartException refused => new(NameFlag(refused.Message), Refused),
            _ => null,
        };

        StartFailure Wrong(IEnumerable<string> failures) => new(string.Join("; ", failures.Distinct().Select(NameFlag)), WrongSetting);

        // Replaces the leading configuration key of a message by its flag.
        string NameFlag(string message)
        {
            var end = message.IndexOf(": ", StringComparison.Ordinal);
            return end > 0 && flagOf(message[..end]) is { } flag ? flag + message[end..] : message;
        }
    }
}
