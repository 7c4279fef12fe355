using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Checks all options when the process starts, so that the operator sees every wrong setting at once.</summary>
/// <remarks>
/// It reads the instances that most services use. The framework's validator (<c>ValidateOnStart</c>) would bind and check others beside them.
/// </remarks>
internal sealed class StartValidator(IEnumerable<StartCheck> checks, IServiceProvider services) : IStartupValidator
{
    /// <exception cref="OptionsValidationException">One options class is invalid.</exception>
    /// <exception cref="AggregateException">Several are, each with its own <see cref="OptionsValidationException"/>.</exception>
    public void Validate()
    {
        List<OptionsValidationException> failures = [];
        foreach (var check in checks)
        {
            try
            {
                check.Run(services);
            }
            catch (OptionsValidationException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures is not [])
        {
            throw failures is [var only] ? only : new AggregateException(failures);
        }
    }
}
